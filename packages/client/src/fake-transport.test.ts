import test from "ava";
import { createFakeServer } from "./fake-transport.ts";
import { transportConformance } from "./transport.conformance.ts";

transportConformance(test, async () => ({ transport: createFakeServer(), namespace: "default" }));
