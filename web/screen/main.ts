// The screen: the visitor's page in image mode. It shows the pictures of a page that a Chrome on the server has open, and tells it what the visitor does.
import './screen.css';
