import test from "ava";
import fc from "fast-check";
import { KINDS } from "../kinds.ts";
import { objectOf } from "./testing/arbitrary.ts";

for (const kind of KINDS.filter((candidate) => candidate.defaults))
	test(`defaults of ${kind.apiVersion} ${kind.kind} are complete at once`, (t) => {
		const { defaults } = kind;
		if (!defaults) return t.fail();
		fc.assert(
			fc.property(objectOf(kind), (object) => {
				const once = defaults(object);
				t.deepEqual(defaults(once), once);
			}),
			{ numRuns: 60 },
		);
		return t.pass();
	});
