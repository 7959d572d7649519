const response = await fetch('/api/items');
const rows = (await response.json()).map(({ name }) => {
  const row = document.createElement('li');
  row.textContent = `Made here: ${name}`;
  return row;
});
document.querySelector('#items').replaceChildren(...rows);
