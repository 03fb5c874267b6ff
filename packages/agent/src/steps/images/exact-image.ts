/** The exact image behind a name that can come to mean another one. Pure. */
import type { ImageInfo } from "../../runtime/runtime.ts";

/** `repository@sha256:…`, as a registry knows it, if one does; `name` as the runtime knows it. */
export function digestOf(image: ImageInfo | undefined, name: string): string | undefined {
	const { digests = [] } = image ?? {};
	const repository = name.replace(/@.*$/, "").replace(/:[^:/]*$/, "");
	return digests.find((each) => each.startsWith(`${repository}@`)) ?? digests[0];
}

/** As statuses show it; `id` of one that is only here. */
export function shownImage(digest: string | undefined, id: string): string {
	if (digest) return `docker-pullable://${digest}`;
	return id && `docker://${id}`;
}
