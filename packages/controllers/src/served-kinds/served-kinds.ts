/**
 * The kinds there are: those Berth is built with, and those that custom resource definitions add while it runs. For
 * controllers that care for objects of every kind.
 */
import { type AnyKind, type Clock, CustomResourceDefinition, KINDS, keyOf } from "@berth/api";
import type { Informers } from "@berth/client";
import type { Source } from "@berth/reconcile";
import { customKind } from "./custom-kind.ts";

export interface ServedKinds {
	/** One version of each kind. */
	all(): readonly AnyKind[];
	/** By what an owner reference says; its version may be another one than that looked at here. */
	find(group: string, kind: string): AnyKind | undefined;
	/** A source of each kind, for those that come later too; ends with its kind. */
	source(of: (kind: AnyKind) => Source): Source;
}

export interface ServedKindsOptions {
	readonly informers: Informers;
	readonly clock: Clock;
	/** Of the kinds that could be looked at. */
	readonly wanted: (kind: AnyKind) => boolean;
}

/** How long workers wait for custom resources that cannot be listed, as when a conversion webhook is down. */
const PATIENCE = 10_000;

export function createServedKinds({ informers, clock, wanted }: ServedKindsOptions): ServedKinds {
	const definitions = informers.of(CustomResourceDefinition);
	const builtIn = onePerResource(KINDS.filter((kind) => !kind.virtual && wanted(kind)));
	const builtInByName = new Map(builtIn.map((kind) => [`${kind.group}/${kind.kind}`, kind]));
	const custom = () => definitions.list().flatMap((definition) => customKind(definition) ?? []);
	const all = () => [...builtIn, ...custom().filter(wanted)];
	return {
		all,
		find: (group, name) =>
			builtInByName.get(`${group}/${name}`) ??
			custom().find((kind) => kind.group === group && kind.kind === name),
		source: (of) => {
			/** By key of the definition. */
			const attached = new Map<string, Attached>();
			return {
				attach: (enqueue) => {
					const fixed = builtIn.map((kind) => of(kind).attach(enqueue));
					const unsubscribe = definitions.subscribe(({ type, object }) => {
						const key = keyOf(object);
						const known = attached.get(key);
						const kind = type === "deleted" ? undefined : customKind(object);
						if (known && kind && isSameKind(known.kind, kind)) return;
						if (known) {
							known.detach();
							attached.delete(key);
							informers.drop(known.kind);
						}
						if (!kind || !wanted(kind)) return;
						const source = of(kind);
						attached.set(key, { kind, detach: source.attach(enqueue), synced: source.synced });
					});
					return () => {
						unsubscribe();
						for (const detach of fixed) detach();
						for (const { detach } of attached.values()) detach();
					};
				},
				get synced() {
					return synced();
				},
			};

			async function synced(): Promise<void> {
				await Promise.all([...builtIn.map((kind) => of(kind).synced), definitions.whenSynced]);
				const { promise: tooLong, resolve } = Promise.withResolvers<void>();
				const cancel = clock.after(PATIENCE, resolve);
				await Promise.race([Promise.all([...attached.values()].map((each) => each.synced)), tooLong]);
				cancel();
			}
		},
	};
}

interface Attached {
	readonly kind: AnyKind;
	readonly detach: () => void;
	readonly synced: Promise<void>;
}

const isSameKind = (a: AnyKind, b: AnyKind): boolean =>
	a.apiVersion === b.apiVersion &&
	a.plural === b.plural &&
	a.namespaced === b.namespaced &&
	a.kind === b.kind;

/** The first listed stands for all versions of a resource, and for kinds that are kept as it. */
function onePerResource(kinds: readonly AnyKind[]): readonly AnyKind[] {
	const seen = new Set<string>();
	return kinds.filter((kind) => {
		const { group, plural } = kind.stored?.kind ?? kind;
		const id = `${group}/${plural}`;
		if (seen.has(id)) return false;
		seen.add(id);
		return true;
	});
}
