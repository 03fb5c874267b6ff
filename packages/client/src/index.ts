export { type Backoff, type BackoffOptions, createBackoff } from "./backoff.ts";
export * from "./client.ts";
export { type ClientOptions, createClient } from "./create-client.ts";
export { createInformers, type InformersOptions } from "./create-informers.ts";
export { createFakeServer, type FakeServer, type FakeServerOptions } from "./fake-transport.ts";
export * from "./informer.ts";
