// The administration.
import { mount } from 'svelte';
import '../shared/ui/design.css';
import './admin.css';
import App from './App.svelte';

const target = document.getElementById('app');
if (target) mount(App, { target });
