// Lists the comics and adds one. Text comes into the page by textContent only, so a title is never markup.
const form = document.querySelector('form');
const list = document.querySelector('ul');
const more = document.querySelector('#more');
const message = document.querySelector('#message');
const pageSize = 50;

const say = (text, isError = false) => {
  message.textContent = text;
  message.classList.toggle('error', isError);
};

// FastAPI's detail is a list of problems or a sentence; nginx sends a sentence, or no JSON at all.
const explain = (status, detail) => {
  if (Array.isArray(detail)) return detail.map(({ loc, msg }) => `${loc.at(-1)}: ${msg}`).join('; ');
  return typeof detail === 'string' ? detail : `The server answered ${status}.`;
};

const ask = async (query, options) => {
  const reply = await fetch(`/api/comics${query}`, { ...options, signal: AbortSignal.timeout(15_000) });
  const body = await reply.json().catch(() => ({}));
  if (!reply.ok) throw new Error(explain(reply.status, body.detail));
  return body;
};

const show = ({ title, issue }) => {
  const item = document.createElement('li');
  item.textContent = `${title} #${issue}`;
  list.append(item);
};

// One request at a time: a second click while one is under way would add a comic twice.
const attempt = async (button, action) => {
  button.disabled = true;
  try {
    await action();
  } catch (error) {
    say(error.message, true);
  } finally {
    button.disabled = false;
  }
};

// The button stays until all are listed, so it is also how a load that failed is tried again.
const loadMore = async () => {
  const comics = await ask(`?limit=${pageSize}&offset=${list.children.length}`);
  comics.forEach(show);
  more.hidden = comics.length < pageSize;
  say(list.children.length === 0 ? 'No comics yet.' : '');
};

const add = async () => {
  const { title, issue, token } = form.elements;
  const comic = await ask('', {
    method: 'POST',
    // Of app/tokens.py. It stays in the field of this page, and is stored nowhere.
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token.value.trim()}` },
    body: JSON.stringify({ title: title.value, issue: issue.valueAsNumber }),
  });
  // The newest comes last: where not all are listed yet, its place is not reached.
  if (more.hidden) show(comic);
  say(`Added ${comic.title} #${comic.issue}.`);
  title.value = '';
  issue.value = '1';
  title.focus();
};

form.addEventListener('submit', (event) => {
  event.preventDefault();
  attempt(form.querySelector('button'), add);
});
more.addEventListener('click', () => attempt(more, loadMore));
attempt(more, loadMore);
