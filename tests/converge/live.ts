// The companion as it is, in a page of a real session, with two handles for the test: random changes, and a comparison at once.
import { begin } from '../../web/companion/begin';
import { change } from './changes';

const companion = begin();

if (companion) {
  Object.assign(window, {
    alongsideTest: {
      /** One batch of changes, then the hash goes to the server. */
      async batch(seed: number): Promise<void> {
        // A frame's window gets the shim by being reached into.
        await change(seed, () => {});
        companion.compare();
      },
    },
  });
}
