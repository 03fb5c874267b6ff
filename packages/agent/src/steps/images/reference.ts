/** Names of images. Grammar: https://github.com/distribution/reference. Pure. */

const DOMAIN = "(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?";
const COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const REFERENCE = new RegExp(
	`^(?:(${DOMAIN})/)?(${COMPONENT}(?:/${COMPONENT})*)(?::([\\w][\\w.-]{0,127}))?(?:@([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?$`,
);

/** Docker Hub, as credentials name it. */
export const DEFAULT_REGISTRY = "docker.io";

export interface ImageReference {
	readonly registry: string;
	/** What is pulled: with a tag, or by digest. */
	readonly full: string;
}

/** Undefined for what is no name of an image. */
export function parseReference(image: string): ImageReference | undefined {
	const match = REFERENCE.exec(image);
	if (!match) return undefined;
	const [, domain = "", , tag, digest] = match;
	// The first part is a registry only when it cannot be a folder of the default one.
	const isRegistry = /[.:]/.test(domain) || domain === "localhost" || domain !== domain.toLowerCase();
	return {
		registry: isRegistry ? domain : DEFAULT_REGISTRY,
		full: tag || digest ? image : `${image}:latest`,
	};
}
