// Where visitors come in: with a PIN at /join, with a link at /join/{token}.
import { mount } from 'svelte';
import '../shared/ui/design.css';
import App from './App.svelte';

const target = document.getElementById('app');
if (target) mount(App, { target });

// Back from the site: what is on show belongs to a choice that was made.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
