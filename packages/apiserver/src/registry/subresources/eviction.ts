/** pods/eviction: a delete that asks for leave first. Without disruption budgets, leave is always given. */
import { badRequest, Eviction, type Status } from "@berth/api";
import { admitBody } from "../admission-request.ts";
import { decodeBody } from "../body.ts";
import { nameOf, type RegistryContext, type Scope } from "../context.ts";
import { deleteObject } from "../delete.ts";
import { deleteOptions } from "../delete-options.ts";
import type { Answer } from "../request.ts";
import { writeOptions } from "../write-options.ts";

export async function evict(context: RegistryContext, scope: Scope): Promise<Answer> {
	const name = nameOf(scope);
	const { query, body } = scope.request;
	const { dryRun, fieldValidation } = writeOptions(query, "CreateOptions");
	const { object, warnings } = decodeBody(Eviction, body, fieldValidation, context.kinds);
	const given = object.metadata?.name;
	if (given && given !== name) throw badRequest("name in URL does not match name in Eviction object");
	const options = deleteOptions({
		query: new URLSearchParams(),
		body: { value: (object as Partial<Eviction>).deleteOptions ?? {}, contentType: "" },
	});
	const isDry = dryRun || (options.dryRun?.length ?? 0) > 0;
	await admitBody(context, scope, { kind: Eviction, name, body: object, dryRun: isDry });
	await deleteObject(context, scope, name, { ...options, dryRun: isDry ? ["All"] : [], admitted: true });
	const value: Status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 };
	return { type: "value", code: 201, value, ...(warnings.length ? { warnings } : {}) };
}
