/** Every namespace that is not going away has its `default` service account. */
import { isAlreadyExists, isNamespaceTerminating, isNotFound, Namespace, ServiceAccount } from "@berth/api";
import { type Controller, type ControllerEnvironment, watch } from "@berth/reconcile";

const NAME = "default";

export function createServiceAccountController(environment: ControllerEnvironment): Controller {
	const { client, informers } = environment;
	const namespaces = informers.of(Namespace);
	const accounts = informers.of(ServiceAccount);

	async function reconcile(namespace: string) {
		const found = namespaces.get(namespace);
		if (!found || found.metadata.deletionTimestamp || accounts.get(`${namespace}/${NAME}`)) return undefined;
		try {
			await client.create(ServiceAccount, { metadata: { name: NAME, namespace } });
		} catch (error) {
			// Already made, or the namespace went away just now.
			if (!isAlreadyExists(error) && !isNotFound(error) && !isNamespaceTerminating(error)) throw error;
		}
		return undefined;
	}

	return {
		name: "service-account",
		sources: [
			watch(namespaces, (change) => [change.object.metadata.name]),
			watch(accounts, ({ type, object }) =>
				type === "deleted" && object.metadata.name === NAME ? [object.metadata.namespace ?? ""] : [],
			),
		],
		reconcile,
	};
}
