// Tests on a real Docker: `scripts/with-docker npx ava --config packages/agent/docker.config.js` starts one for them.
export default {
	files: ["packages/agent/src/**/*.docker.test.ts"],
	extensions: ["ts"],
	// They share one Docker, one bridge and one range of addresses.
	concurrency: 1,
	timeout: "120s",
};
