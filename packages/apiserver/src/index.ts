/** The API server's process: what the command line composes. */
export { type ApiServer, type ApiServerOptions, createApiServer } from "./create-api-server.ts";
export { type Identity, type NodeIdentity, openPki, type Pki } from "./pki/pki.ts";
export { createMemoryStore } from "./store/memory/memory-store.ts";
