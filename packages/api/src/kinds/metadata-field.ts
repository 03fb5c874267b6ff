/** The one field that every kind has. */
import { ObjectMetaSchema } from "../machinery/meta.ts";
import { ref } from "../machinery/schema.ts";

export const metadataField = ref(ObjectMetaSchema, {
	pb: 1,
	doc: "Name, labels, owners and the rest that every object has.",
});
