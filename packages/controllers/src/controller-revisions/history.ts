/** Keeps the revisions of a set: adopts and releases them, makes the one of a new template, removes those too old. */
import {
	ControllerRevision,
	controllerOf,
	controllerReference,
	isAlreadyExists,
	type Kind,
	keyOf,
	type LabelSelector,
	selectorOf,
} from "@berth/api";
import { type ControllerEnvironment, created, ownWritesSeen, updated } from "@berth/reconcile";
import { applyClaim } from "../ownership/apply-claim.ts";
import { claim } from "../ownership/claim.ts";
import { deleteObject } from "../ownership/delete-object.ts";
import { shortHash } from "../pods/short-hash.ts";
import { expendable, isOfTemplate, planRevisions, type Revised, revisionData } from "./revisions.ts";

/** Names leave room for the hash. */
const LONGEST_PREFIX = 223;

export interface History {
	/** Of the present template. */
	readonly current: ControllerRevision;
	/** Oldest first. */
	readonly old: readonly ControllerRevision[];
	/** How many names were taken by other templates so far: the set's `status.collisionCount`. */
	readonly collisions: number;
}

export interface HistoryKeeper<T extends Revised> {
	/** What there is, with a revision of the present template and the highest number. */
	keep(set: T, signal: AbortSignal): Promise<History>;
	/** Removes revisions beyond the set's limit. */
	trim(
		set: T,
		old: readonly ControllerRevision[],
		isLive: (revision: ControllerRevision) => boolean,
	): Promise<void>;
}

export interface HistoryOptions<T extends Revised> {
	readonly kind: Kind<T>;
	readonly selector: (set: T) => LabelSelector | undefined | null;
	/** Label of revisions that holds the hash of their template. */
	readonly hashLabel: string;
}

export function createHistoryKeeper<T extends Revised>(
	{ client, informers, clock }: ControllerEnvironment,
	{ selector, hashLabel }: HistoryOptions<T>,
): HistoryKeeper<T> {
	const informer = informers.of(ControllerRevision);

	/** A name already taken by another template is a collision: count it and take the next name. */
	async function create(set: T, number: number): Promise<{ made: ControllerRevision; collisions: number }> {
		const { template } = set.spec;
		const { namespace } = set.metadata;
		const data = revisionData(template);
		for (let collisions = set.status?.collisionCount ?? 0; ; collisions += 1) {
			const hash = shortHash(data, collisions);
			const name = `${set.metadata.name.slice(0, LONGEST_PREFIX)}-${hash}`;
			try {
				const made = await client.create(ControllerRevision, {
					metadata: {
						name,
						namespace,
						labels: { ...template.metadata?.labels, [hashLabel]: hash },
						annotations: set.metadata.annotations,
						ownerReferences: [controllerReference(set)],
					},
					data,
					revision: number,
				});
				return { made, collisions };
			} catch (error) {
				if (!isAlreadyExists(error)) throw error;
				const made = await client.get(ControllerRevision, { namespace, name });
				const isOurs = controllerOf(made)?.uid === set.metadata.uid;
				if (isOurs && isOfTemplate(made, template)) return { made, collisions };
			}
		}
	}

	return {
		keep: async (set, signal) => {
			const owner = controllerReference(set);
			const claimed = claim(set, selectorOf(selector(set)), informer.list(set.metadata.namespace));
			await applyClaim({ client, kind: ControllerRevision, owner, claim: claimed });
			const plan = planRevisions(set.spec.template, [...claimed.owned, ...claimed.adopt]);
			const { current, number, old } = plan;
			const collisions = set.status?.collisionCount ?? 0;
			const seen = (revision: ControllerRevision, shown: ReturnType<typeof created>) =>
				ownWritesSeen({ informer, written: new Map([[keyOf(revision), shown]]), clock, signal });
			if (!current) {
				const { made, collisions: counted } = await create(set, number);
				await seen(made, created(made));
				return { current: made, old, collisions: counted };
			}
			if (current.revision === number) return { current, old, collisions };
			const { namespace, name, uid } = current.metadata;
			const patch = { metadata: { uid }, revision: number };
			const raised = await client.patch(ControllerRevision, { namespace, name }, patch, { type: "merge" });
			await seen(raised, updated(raised));
			return { current: raised, old, collisions };
		},
		trim: async (set, old, isLive) => {
			for (const revision of expendable(old, set.spec.revisionHistoryLimit ?? 10, isLive)) {
				await deleteObject(client, ControllerRevision, revision);
			}
		},
	};
}
