/** What tests share. A development dependency only. */
export { createFakeClock, type FakeClock } from "./fake-clock.ts";
