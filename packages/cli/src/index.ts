/** What other packages' tests use of the command line: labs, and the images made on the spot. */

export { IMAGES, makeImage } from "./images/images.ts";
