// The companion: tells the session what the visitor's page is and does, and shows the visitor that it is shared. It runs in every
// document of a view origin.
import { begin } from './begin';

begin();
