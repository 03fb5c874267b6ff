import test from "ava";
import fc from "fast-check";
import { KINDS } from "../kinds.ts";
import { applyDefaults } from "../machinery/defaults.ts";
import type { FieldError } from "../machinery/field-error.ts";
import { objectOf } from "./testing/arbitrary.ts";

/** Whatever comes, checks answer with errors: they never throw, and every error has its path and message. */
for (const kind of KINDS)
	test(`${kind.apiVersion} ${kind.kind}: checks, columns and selectors stand any object`, (t) => {
		fc.assert(
			fc.property(objectOf(kind), objectOf(kind), (...raw) => {
				const [object, old] = raw.map((one) => {
					const filled = applyDefaults(kind.schema, one);
					return kind.defaults?.(filled) ?? filled;
				});
				const prepared = kind.prepareCreate?.(object) ?? object;
				const errors: FieldError[] = [
					...(kind.validate?.(prepared) ?? []),
					...(kind.validateCreate?.(prepared) ?? []),
					...(kind.validateUpdate?.(kind.prepareUpdate?.(object, old) ?? object, old) ?? []),
					...(kind.validateStatusUpdate?.(object, old) ?? []),
				];
				for (const { field, message } of errors)
					t.true(!/undefined|\[object/.test(`${field}${message.split(": ", 1)[0]}`), `${field}: ${message}`);
				kind.warnings?.(object, old);
				for (const column of kind.columns) column.value(object, 0);
				for (const select of Object.values(kind.selectableFields ?? {}))
					t.is(typeof select(object), "string");
				return true;
			}),
			{ numRuns: 60 },
		);
		t.pass();
	});
