// The page of `build.mjs`, with React.
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { START, shuffled } from './start.js';

function Page() {
  const [state, setState] = useState(START);
  const [items, setItems] = useState(START.items);
  const [turn, setTurn] = useState(0);
  const set = (name) => ({ target }) => setState((old) => ({ ...old, [name]: target.type === 'checkbox' ? target.checked : target.value }));
  const radio = (value) => <label><input type="radio" name="size" id={`size-${value}`} value={value} checked={state.size === value} onChange={set('size')} />{value}</label>;
  return (
    <form key={turn} onSubmit={(event) => { event.preventDefault(); setState((old) => ({ ...old, sent: old.sent + 1 })); }}>
      <label>Name <input id="name" value={state.name} onChange={set('name')} /></label>
      <label>Note <textarea id="note" value={state.note} onChange={set('note')} /></label>
      <label>Colour <select id="colour" value={state.colour} onChange={set('colour')}><option value="red">red</option><option value="green">green</option><option value="blue">blue</option></select></label>
      <label><input type="checkbox" id="terms" checked={state.terms} onChange={set('terms')} />I agree</label>
      {radio('small')}{radio('large')}
      <label>Count <input type="number" id="count" value={state.count} onChange={set('count')} /></label>
      <button id="send">Send</button>
      <button id="shuffle" type="button" onClick={() => setItems(shuffled(items))}>Shuffle</button>
      <button id="again" type="button" onClick={() => setTurn(turn + 1)}>Render again</button>
      <ul>{items.map((item) => <li key={item} id={`item-${item}`}>{item}</li>)}</ul>
      <pre id="state">{JSON.stringify(state)}</pre>
    </form>
  );
}

createRoot(document.getElementById('app')).render(<Page />);
