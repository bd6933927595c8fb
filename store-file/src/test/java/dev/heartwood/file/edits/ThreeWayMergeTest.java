package dev.heartwood.file.edits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Store;
import dev.heartwood.json.Json;
import org.junit.jupiter.api.Test;

/** An edit is brought into a tree that has changed, too, all of it or nothing. */
class ThreeWayMergeTest {
    private static String merged(String base, String ours, String theirs) {
        return merged(base, ours, theirs, false);
    }

    private static String merged(String base, String ours, String theirs, boolean repeated) {
        Store store = Json.readStore(ours.replace('\'', '"'));
        store.batch(tx -> new ThreeWayMerge(
                        Json.read(base.replace('\'', '"')), Json.read(theirs.replace('\'', '"')), repeated)
                .into(tx));
        return Json.write(store).replace('"', '\'');
    }

    private static void conflict(String base, String ours, String theirs, String... places) {
        assertThatThrownBy(() -> merged(base, ours, theirs))
                .isInstanceOf(ThreeWayMerge.Conflict.class)
                .hasMessageContainingAll(places);
    }

    @Test
    void whatOneSideChangedIsTaken() {
        assertThat(merged("{'a':1,'b':2}", "{'a':1,'b':3}", "{'a':5,'b':2}")).isEqualTo("{'a':5,'b':3}");
        assertThat(merged("{'a':1,'b':2}", "{'a':1}", "{'b':2}")).isEqualTo("{}");
        assertThat(merged("{}", "{'a':{'x':1}}", "{'a':{'y':2}}")).isEqualTo("{'a':{'x':1,'y':2}}");
        assertThat(merged("{'a':{'x':1}}", "{'a':{'x':1,'z':null}}", "{'a':{'x':1,'y':{}}}"))
                .isEqualTo("{'a':{'x':1,'y':{},'z':null}}");
        assertThat(merged("{'l':[1]}", "{'l':[1],'a':1}", "{'l':[2]}")).isEqualTo("{'a':1,'l':[2]}");
    }

    @Test
    void whatBothDidAlikeIsNoConflict() {
        assertThat(merged("{'a':1}", "{'a':2}", "{'a':2}")).isEqualTo("{'a':2}");
        assertThat(merged("{'a':1}", "{}", "{}")).isEqualTo("{}");
        assertThat(merged("{}", "{'a':[1]}", "{'a':[1]}")).isEqualTo("{'a':[1]}");
    }

    @Test
    void thatBothOnlyAppendedIsKeptOursFirst() {
        assertThat(merged("{'l':[1]}", "{'l':[1,2]}", "{'l':[1,3,4]}")).isEqualTo("{'l':[1,2,3,4]}");
        assertThat(merged("{'l':[]}", "{'l':[2]}", "{'l':[3]}")).isEqualTo("{'l':[2,3]}");
        assertThat(merged("{'l':[1]}", "{'l':[1,3,2]}", "{'l':[1,3]}")).isEqualTo("{'l':[1,3,2,3]}");
    }

    @Test
    void whatMayHaveBeenMergedBeforeIsNotAppendedTwice() {
        assertThat(merged("{'l':[1]}", "{'l':[1,3,2]}", "{'l':[1,3]}", true)).isEqualTo("{'l':[1,3,2]}");
        assertThat(merged("{'l':[1]}", "{'l':[1,2]}", "{'l':[1,3]}", true)).isEqualTo("{'l':[1,2,3]}");
    }

    @Test
    void theSamePlaceChangedInTwoWaysIsAConflictAndNothingIsTaken() {
        conflict("{'a':1}", "{'a':2}", "{'a':3,'b':1}", "/a");
        conflict("{'a':1}", "{}", "{'a':3}", "/a");
        conflict("{'a':1}", "{'a':2}", "{}", "/a");
        conflict("{'l':[1,2]}", "{'l':[1]}", "{'l':[2]}", "/l");
        conflict("{'l':[1]}", "{'l':[2]}", "{'l':[1,3]}", "/l");
        conflict("{'l':[1]}", "{'l':[1,3]}", "{'l':[2]}", "/l");
        conflict("{'a':{'x':1}}", "{}", "{'a':{'x':1,'y':2}}", "/a/y");
        conflict("{'a':{'x':1}}", "{'a':5}", "{'a':{'x':1,'y':2}}", "/a/y");
        conflict("{'a':{'x':1}}", "{'a':{'x':2}}", "{}", "/a");
        conflict("{}", "{'a':1}", "{'a':1.0}", "/a");
        conflict("{'a':1}", "{'a':{'x':1}}", "{'a':{'y':2}}", "/a");
        conflict("{'a':null}", "{'a':{'x':1}}", "{'a':{'y':2}}", "/a");
    }

    @Test
    void nullIsAValueAndMissingIsNot() {
        assertThat(merged("{'a':null}", "{'a':null,'b':1}", "{}")).isEqualTo("{'b':1}");
        assertThat(merged("{}", "{'b':1}", "{'a':null}")).isEqualTo("{'a':null,'b':1}");
        conflict("{}", "{'a':null}", "{'a':1}", "/a");
    }
}
