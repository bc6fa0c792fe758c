// The screen: the visitor's page in image mode. It shows the pictures of a page that a Chrome on the server has open, and tells it what the visitor does.
import './screen.css';
import './cards.css';
import { Screen } from './screen';

const root = document.getElementById('app');
if (root) new Screen(root);
