#!/usr/bin/env node
// Lies here, not in dist, so that package managers find it before the first build.
require('../dist/main.cjs');
