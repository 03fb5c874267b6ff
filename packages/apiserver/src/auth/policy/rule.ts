/** Short hands for writing policy as data. */
import type { PolicyRule } from "@berth/api";

/** A role of every cluster. */
export interface PolicyRole {
	readonly name: string;
	readonly rules: readonly PolicyRule[];
	readonly labels?: Readonly<Record<string, string>>;
	/** Label, with the value "true", of roles whose rules are added to this one. */
	readonly aggregates?: string;
}

export const READ = ["get", "list", "watch"] as const;
export const WRITE = ["create", "delete", "deletecollection", "patch", "update"] as const;
export const ALL = ["*"] as const;

/** `on(READ, "apps", "deployments", "replicasets")`; several groups with commas; a group is named in full. */
export const on = (verbs: readonly string[], groups: string, ...resources: string[]): PolicyRule => ({
	verbs: [...verbs],
	apiGroups: groups.split(","),
	resources,
});

export const onPaths = (verbs: readonly string[], ...nonResourceURLs: string[]): PolicyRule => ({
	verbs: [...verbs],
	nonResourceURLs,
});

/** What every part that reports on objects may do. */
export const EVENTS: PolicyRule = on(["create", "patch", "update"], ",events.k8s.io", "events");
