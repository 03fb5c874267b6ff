/** The API server's process: what the command line composes. */
export { type Identity, type NodeIdentity, openPki, type Pki } from "./pki/pki.ts";
