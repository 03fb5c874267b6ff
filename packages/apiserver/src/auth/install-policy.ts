/** Creates or mends the roles and bindings of `bootstrap-policy.ts`, when the server starts. */
import {
	type AnyKind,
	ClusterRole,
	ClusterRoleBinding,
	type Draft,
	isAlreadyExists,
	type KubeObject,
	Role,
	RoleBinding,
	type Transport,
} from "@berth/api";
import type { Objects } from "../store/objects.ts";
import {
	CLUSTER_ROLE_BINDINGS,
	CLUSTER_ROLES,
	mendBinding,
	mendRole,
	ROLE_BINDINGS,
	ROLES,
} from "./bootstrap-policy.ts";

/** Writes through `transport`, whose user may do everything. Resolves when the policy is complete. */
export async function installPolicy(objects: Objects, transport: Transport): Promise<void> {
	const ensure = async <T extends KubeObject>(
		kind: AnyKind,
		wanted: readonly Draft<T>[],
		mend: (existing: T, wanted: Draft<T>) => T | undefined,
	) => {
		const cache = objects.of<T>(kind);
		await Promise.all(
			wanted.map(async (draft) => {
				const { name = "", namespace } = draft.metadata;
				const existing = cache.get(namespace ? `${namespace}/${name}` : name)?.object;
				const mended = existing && mend(existing, draft);
				if (existing && !mended) return;
				const collection = `/apis/${kind.apiVersion}${namespace ? `/namespaces/${namespace}` : ""}/${kind.plural}`;
				if (mended) {
					await transport.call({
						method: "PUT",
						path: `${collection}/${encodeURIComponent(name)}`,
						body: mended,
					});
				} else {
					await transport.call({ method: "POST", path: collection, body: draft }).catch((error: unknown) => {
						if (!isAlreadyExists(error)) throw error;
					});
				}
			}),
		);
	};
	await Promise.all([
		ensure<ClusterRole>(ClusterRole, CLUSTER_ROLES, mendRole),
		ensure<ClusterRoleBinding>(ClusterRoleBinding, CLUSTER_ROLE_BINDINGS, mendBinding),
		ensure<Role>(Role, ROLES, mendRole),
		ensure<RoleBinding>(RoleBinding, ROLE_BINDINGS, mendBinding),
	]);
}
