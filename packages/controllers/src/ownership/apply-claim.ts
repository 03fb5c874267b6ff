/** Carries out a claim: adoptions and releases as patches that name the uid, so a namesake is never touched. */
import { isNotFound, type Kind, type KubeObject, type OwnerReference } from "@berth/api";
import type { Client } from "@berth/client";
import type { Claim } from "./claim.ts";

export async function applyClaim<T extends KubeObject>(options: {
	readonly client: Client;
	readonly kind: Kind<T>;
	readonly owner: OwnerReference;
	readonly claim: Claim<T>;
	/** Put on what is adopted, and taken from what is released. */
	readonly finalizer?: string;
}): Promise<void> {
	const { client, kind, owner, claim, finalizer } = options;
	const patch = (object: T, metadata: object) =>
		client
			.patch(
				kind,
				{ namespace: object.metadata.namespace, name: object.metadata.name },
				{ metadata: { uid: object.metadata.uid, ...metadata } },
				{ type: "strategic" },
			)
			.catch((error: unknown) => {
				// Gone meanwhile: nothing left to own or to let go.
				if (!isNotFound(error)) throw error;
			});
	const adopted = { ownerReferences: [owner], ...(finalizer ? { finalizers: [finalizer] } : {}) };
	const released = {
		ownerReferences: [{ $patch: "delete", uid: owner.uid }],
		...(finalizer ? { "$deleteFromPrimitiveList/finalizers": [finalizer] } : {}),
	};
	for (const object of claim.adopt) await patch(object, adopted);
	for (const object of claim.release) await patch(object, released);
}
