/**
 * Sessions of Google's Agent Development Kit in a Heartwood tree: {@link dev.heartwood.adk.HeartwoodSessionService}.
 */
@NullMarked
package dev.heartwood.adk;

import org.jspecify.annotations.NullMarked;
