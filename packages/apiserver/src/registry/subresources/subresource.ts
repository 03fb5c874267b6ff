/** What is served below a resource's name, beside what the front door serves itself (logs, exec, proxies). */
import type { AnyKind } from "@berth/api";
import type { RegistryContext, Scope } from "../context.ts";
import { get } from "../get.ts";
import { patch } from "../patch.ts";
import type { Answer } from "../request.ts";
import type { Target } from "../target.ts";
import { update } from "../update.ts";

type Handler = (context: RegistryContext, scope: Scope) => Promise<Answer>;

export interface Subresource {
	/** Kind of the bodies. */
	readonly kind: AnyKind;
	readonly create?: Handler;
	readonly get?: Handler;
	readonly update?: Handler;
	readonly patch?: Handler;
}

/** A part of the object that is read, replaced and patched like a whole. */
export function part(target: Target): Subresource & Required<Pick<Subresource, "get" | "update" | "patch">> {
	return {
		kind: target.kind,
		get: async (context, scope) => {
			const answer = await get(context, scope);
			if (answer.type !== "object" || target.kind === scope.kind) return answer;
			return { type: "value", code: 200, kind: target.kind, value: target.view(answer.cached.object) };
		},
		update: (context, scope) => update(context, scope, target),
		patch: (context, scope) => patch(context, scope, target),
	};
}
