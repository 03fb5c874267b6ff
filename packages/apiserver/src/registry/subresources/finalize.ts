/** namespaces/finalize: the only way to take away what holds a namespace. */
import { Namespace } from "@berth/api";
import { carryOver } from "../metadata.ts";
import type { Target } from "../target.ts";
import { validateStatusChanged } from "../validation.ts";

export const finalizeTarget: Target = {
	kind: Namespace,
	view: (stored) => stored,
	merge: (body, stored) => {
		const finalizers = (body as Partial<Namespace>).spec?.finalizers;
		const { spec } = stored as Namespace;
		const metadata = carryOver(body.metadata ?? {}, stored.metadata);
		const next: Namespace = { ...(stored as Namespace), metadata, spec: { ...spec, finalizers } };
		return next;
	},
	validate: (next, stored) => validateStatusChanged(Namespace, next, stored),
	creates: false,
};
