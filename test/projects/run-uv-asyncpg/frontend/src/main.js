const response = await fetch('/api/v1/items');
const rows = (await response.json()).map(({ name }) => {
  const row = document.createElement('li');
  row.textContent = `In stock: ${name}`;
  return row;
});
document.querySelector('#items').replaceChildren(...rows);
