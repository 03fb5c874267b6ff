/** Writes into a namespace that is going away are refused, and no longer needed: that is no failure. */
import { isNamespaceTerminating } from "@berth/api";

export const inLivingNamespace =
	(sync: (key: string, signal: AbortSignal) => Promise<void>) =>
	async (key: string, signal: AbortSignal): Promise<undefined> => {
		try {
			await sync(key, signal);
		} catch (error) {
			if (!isNamespaceTerminating(error)) throw error;
		}
	};
