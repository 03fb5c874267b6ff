/** What role bindings and cluster role bindings have in common. */
import type { Column } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { ageColumn } from "../columns.ts";
import { change, fillZero, mapSame } from "../fill.ts";
import type { RoleRef, Subject } from "./subject.ts";

export const RBAC_GROUP = "rbac.authorization.k8s.io";

/** A RoleBinding or a ClusterRoleBinding. */
export interface AnyBinding extends KubeObject {
	readonly roleRef: RoleRef;
	readonly subjects?: readonly Subject[] | undefined;
}

export const bindingColumns: readonly Column<AnyBinding>[] = [
	{
		name: "Role",
		type: "string",
		description: "The role that is given.",
		value: ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`,
	},
	ageColumn,
	subjects("Users", "User", ({ name }) => name),
	subjects("Groups", "Group", ({ name }) => name),
	subjects("ServiceAccounts", "ServiceAccount", ({ namespace, name }) => `${namespace ?? ""}/${name}`),
];

function subjects(name: string, kind: string, text: (subject: Subject) => string): Column<AnyBinding> {
	return {
		name,
		type: "string",
		priority: 1,
		description: `${name} that have the role.`,
		value: (binding) =>
			(binding.subjects ?? [])
				.filter((subject) => subject.kind === kind)
				.map(text)
				.join(", "),
	};
}

/** Roles, users and groups are names of the RBAC group; service accounts of the core. */
export function defaultBinding<T extends AnyBinding>(binding: T): T {
	const whole = change<AnyBinding, "roleRef">(binding, "roleRef", (role) =>
		fillZero(role, { apiGroup: RBAC_GROUP }),
	);
	return change(whole, "subjects", (list) => mapSame(list, defaultSubject)) as T;
}

const defaultSubject = (subject: Subject): Subject =>
	subject.kind === "User" || subject.kind === "Group" ? fillZero(subject, { apiGroup: RBAC_GROUP }) : subject;
