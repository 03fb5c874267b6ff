/** `npm run fuzz -- --minutes N [--seed S] [--from I --attacks M]`. Fails when anything was found. */
import process from "node:process";
import { parseArgs } from "node:util";
import { fuzz } from "./fuzz.ts";

const { values } = parseArgs({
	options: {
		minutes: { type: "string", default: "1" },
		seed: { type: "string" },
		from: { type: "string" },
		attacks: { type: "string" },
	},
});
const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
const seed = number(values.seed) ?? Math.floor(Math.random() * 2 ** 31);
console.log(`seed ${seed}`);
const result = await fuzz({
	seed,
	from: number(values.from),
	attacks: number(values.attacks),
	duration: Number(values.minutes) * 60_000,
	report: console.log,
});
console.log(
	`seed ${seed}: ${result.attacks} attacks, ${result.requests} requests, answers ${JSON.stringify(result.codes)}, ` +
		`others waited ${Math.round(result.longestWait)} ms at most, ${result.findings.length} findings`,
);
process.exitCode = result.findings.length ? 1 : 0;
