/** One or more requests that belong together, made of samples by chance. */
import type { Random } from "./random.ts";
import type { Ask } from "./road.ts";
import type { Sample } from "./samples.ts";

export type Attack = (random: Random, samples: readonly Sample[]) => readonly Ask[];
