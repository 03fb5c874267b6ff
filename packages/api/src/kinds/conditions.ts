/** Conditions: one thing each that is known of an object's state. Kinds differ in little but the numbers of protobuf. */
import { listOf, string, type Type, time } from "../machinery/schema.ts";

/** What every condition says; the time of its last change, reason and message are numbered from `first` on. */
export const conditionFields = (first = 3) => ({
	type: string({ required: true, pb: 1, doc: "What it speaks of." }),
	status: string({ required: true, pb: 2, doc: "True, False or Unknown." }),
	lastTransitionTime: time({ pb: first, doc: "When the status last changed." }),
	reason: string({ pb: first + 1, doc: "The cause in one word." }),
	message: string({ pb: first + 2, doc: "The cause in a sentence." }),
});

/** The conditions of a status: one for each type. */
export const conditionsField = <T>(of: Type<T>, pb: number, doc = "What is known of its state, by type.") =>
	listOf(of, {
		pb,
		list: "map",
		keys: ["type"],
		patch: ["merge"],
		mergeKey: "type",
		doc,
	});
