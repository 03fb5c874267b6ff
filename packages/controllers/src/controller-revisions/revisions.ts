/** What a set's template was before: revisions compared, numbered and forgotten. Pure. */
import {
	applyStrategicPatch,
	type ControllerRevision,
	deepEqual,
	type JsonObject,
	type Kind,
	type KubeObject,
	type PodTemplateSpec,
} from "@berth/api";
import { canonical } from "../pods/short-hash.ts";

/** What keeps pods of a template and its history. */
export interface Revised extends KubeObject {
	readonly spec: {
		readonly template: PodTemplateSpec;
		readonly revisionHistoryLimit?: number | null | undefined;
	};
	readonly status?: { readonly collisionCount?: number | null | undefined } | undefined;
}

export interface RevisionPlan {
	/** Has the present template; undefined while it must be made. */
	readonly current: ControllerRevision | undefined;
	/** The number that the current one must have: higher than all others. */
	readonly number: number;
	/** Oldest first. */
	readonly old: readonly ControllerRevision[];
}

/** A strategic merge patch that brings the template back; keys in order, so that clients may compare bytes. */
export const revisionData = (template: PodTemplateSpec): JsonObject =>
	JSON.parse(canonical({ spec: { template: { ...template, $patch: "replace" } } }));

/** Fields that are null count as absent: older clusters wrote `creationTimestamp: null`. */
export const isOfTemplate = (revision: ControllerRevision, template: PodTemplateSpec): boolean =>
	deepEqual(withoutNulls(revision.data), withoutNulls(revisionData(template)));

export function planRevisions(
	template: PodTemplateSpec,
	revisions: readonly ControllerRevision[],
): RevisionPlan {
	const sorted = revisions.toSorted(byNumber);
	const current = sorted.findLast((revision) => isOfTemplate(revision, template));
	const old = sorted.filter((revision) => revision !== current);
	const newest = Math.max(0, ...old.map(({ revision }) => revision));
	return { current, number: current && current.revision > newest ? current.revision : newest + 1, old };
}

/** Revisions beyond the limit, oldest first; those that pods still have stay. */
export function expendable(
	old: readonly ControllerRevision[],
	limit: number,
	isLive: (revision: ControllerRevision) => boolean,
): readonly ControllerRevision[] {
	const surplus = old.length - limit;
	return surplus <= 0 ? [] : old.filter((revision) => !isLive(revision)).slice(0, surplus);
}

/** The set as it was at that revision. */
export const atRevision = <T extends Revised>(kind: Kind<T>, set: T, { data }: ControllerRevision): T =>
	applyStrategicPatch(kind.schema, set, data) as T;

const byNumber = (a: ControllerRevision, b: ControllerRevision) =>
	a.revision - b.revision ||
	a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp) ||
	a.metadata.name.localeCompare(b.metadata.name);

function withoutNulls(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(withoutNulls);
	if (typeof value !== "object" || value === null) return value;
	const members = Object.entries(value).filter(([, member]) => member !== null);
	return Object.fromEntries(members.map(([key, member]) => [key, withoutNulls(member)]));
}
