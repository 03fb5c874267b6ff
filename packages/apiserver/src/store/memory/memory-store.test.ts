import test from "ava";
import { storeConformance } from "../store.conformance.ts";
import { createMemoryStore } from "./memory-store.ts";

storeConformance(test, "memory", async () => createMemoryStore());
