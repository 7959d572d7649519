// node browse.mjs <page.json: opens `url` in Chromium, waits until the expression `until` holds in the page, evaluates
// `read`, takes a screenshot. One JSON object: every complaint of the browser, every request, what `read` gave, the PNG.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

const { url, until, read, hosts } = await json(process.stdin);
const flags = [
  '--remote-debugging-pipe',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--window-size=1000,800',
  // Nothing of the Internet: a page that asks another host fails, and that is a complaint.
  `--host-resolver-rules=MAP * ~NOTFOUND, ${hosts.map((host) => `EXCLUDE ${host}`).join(', ')}`,
];
// Commands go in by descriptor 3, answers and events come by 4, each JSON and a NUL.
const browser = spawn('chromium-headless-shell', [...flags, 'about:blank'], {
  stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
});
const [, , , commands, messages] = browser.stdio;

const waiting = new Map();
const heard = [];
let rest = '';
messages.setEncoding('utf8').on('data', (text) => {
  const parts = (rest + text).split('\0');
  rest = parts.pop();
  for (const message of parts.map((part) => JSON.parse(part))) {
    if (message.id === undefined) heard.push(message);
    else waiting.get(message.id)(message);
  }
});

let id = 0;
let sessionId;
const send = async (method, params = {}) => {
  id += 1;
  const answer = new Promise((resolve) => waiting.set(id, resolve));
  commands.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
  const { result, error } = await answer;
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
};
const evaluate = async (expression) => {
  // As by a user's hand: Chromium warns of pages that move on by themselves.
  const options = { expression, awaitPromise: true, returnByValue: true, userGesture: true };
  const { result, exceptionDetails } = await send('Runtime.evaluate', options);
  if (exceptionDetails) throw new Error(`${expression}: ${exceptionDetails.exception?.description}`);
  return result.value;
};

const complaintOf = ({ method, params }) => {
  switch (method) {
    case 'Log.entryAdded':
      return ['error', 'warning'].includes(params.entry.level) && `${params.entry.text} ${params.entry.url ?? ''}`;
    case 'Runtime.consoleAPICalled':
      return (
        ['error', 'warning', 'assert'].includes(params.type) &&
        `console.${params.type}: ${params.args.map(({ value, description }) => value ?? description).join(' ')}`
      );
    case 'Runtime.exceptionThrown':
      return params.exceptionDetails.exception?.description ?? params.exceptionDetails.text;
    case 'Network.loadingFailed':
      return !params.canceled && `${params.type}: ${params.blockedReason ?? params.errorText}`;
    case 'Audits.issueAdded':
      return `issue: ${params.issue.code} ${JSON.stringify(params.issue.details)}`;
    default:
      return false;
  }
};

const { targetInfos } = await send('Target.getTargets');
const { targetId } = targetInfos.find(({ type }) => type === 'page');
({ sessionId } = await send('Target.attachToTarget', { targetId, flatten: true }));
for (const domain of ['Page', 'Log', 'Runtime', 'Network', 'Audits']) await send(`${domain}.enable`);
const { errorText } = await send('Page.navigate', { url });
if (errorText) heard.push({ method: 'Runtime.exceptionThrown', params: { exceptionDetails: { text: errorText } } });
const end = Date.now() + 30_000;
let ready = false;
while (!ready && Date.now() < end) {
  await sleep(200);
  ready = await evaluate(`Boolean(${until})`);
}
const value = await evaluate(read);
// What was asked for late, such as an icon.
await sleep(1000);
const { data: png } = await send('Page.captureScreenshot', { format: 'png' });
const requests = heard
  .filter(({ method }) => method === 'Network.requestWillBeSent')
  .map(({ params }) => params.request.url);
const complaints = heard.map(complaintOf).filter(Boolean);
console.log(JSON.stringify({ ready, value, complaints, requests, png }));
// It may be gone before it answers.
const gone = once(browser, 'exit');
send('Browser.close');
await gone;
