export * from "./controller.ts";
export * from "./events.ts";
