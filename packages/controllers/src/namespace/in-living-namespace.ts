/** Writes into a namespace that is going away are refused, and no longer needed: that is no failure. */
import { isNamespaceTerminating } from "@berth/api";
import type { Settled } from "@berth/reconcile";

type Reconcile<T> = (key: string, signal: AbortSignal) => Promise<T>;

export const inLivingNamespace =
	(sync: Reconcile<void> | Reconcile<Settled>): Reconcile<Settled> =>
	async (key, signal) => {
		try {
			return (await sync(key, signal)) ?? undefined;
		} catch (error) {
			if (!isNamespaceTerminating(error)) throw error;
			return undefined;
		}
	};
