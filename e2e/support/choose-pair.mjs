// Each worker of Jest has a pair of clusters of its own: https://jestjs.io/docs/environment-variables#jest_worker_id
process.env.GODWIT_TESTBED_PAIR = process.env.JEST_WORKER_ID;
