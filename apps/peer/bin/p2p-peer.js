#!/usr/bin/env node
// Lies here, not in dist, so that package managers find it before the first build.
import '../dist/main.js';
