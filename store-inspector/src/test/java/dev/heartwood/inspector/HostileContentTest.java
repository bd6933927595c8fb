package dev.heartwood.inspector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.history.History;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Content that looks like markup, script or other syntax: the page shows it as plain text. */
class HostileContentTest {
    private static final List<String> TEXTS = List.of(
            "</script><img src=x onerror=document.title='pwned'>",
            "<script>document.title='pwned'</script>",
            "<!--<script>",
            "]]>",
            "{{constructor.constructor('document.title=1')()}}",
            "${document.title}",
            "javascript:document.title='pwned'",
            "\" onmouseover=\"document.title='pwned'",
            "' onclick='document.title=1",
            "&lt;b&gt;",
            "\u202egnihtemos\u202c",
            "\u2066isolate",
            "zero\u200bwidth\ufeff",
            "line\nfeed\ttab\r\u0000\u0007\u2028\u2029",
            "\ud800 lone \udc00",
            "\ud83d\ude00",
            "NaN",
            "-0",
            "1e999",
            "@0",
            "s",
            "",
            "__proto__",
            "constructor",
            "toString",
            "brief",
            "type",
            "~1~0/",
            "*",
            "**");

    @TempDir
    static Path folder;

    private static Browser browser;

    @BeforeAll
    static void start() {
        browser = Browser.start();
    }

    @AfterAll
    static void end() {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void textThatLooksLikeMarkupOrScriptStaysTextInKeysValuesAuthorsAndLabels() {
        Path report = folder.resolve("hostile.html");
        Store store = Store.create();
        History history = History.of(store);
        for (String text : TEXTS) {
            store.as(text.isEmpty() ? "empty" : text).batch(tx -> {
                tx.label(text);
                tx.put(KeyPath.of("map", text), text);
            });
        }
        Report.options().title(TEXTS.get(0)).write(history, report);

        browser.size(1440, 1600); // rows that are not seen are not there
        browser.open(report, "");
        for (int i = 0; i < TEXTS.size(); i++) {
            browser.type(org.openqa.selenium.Keys.ARROW_LEFT);
        }
        browser.waitForVersion(0);
        browser.open(report, "");
        browser.clickRow("#tree", "map");

        assertThat(browser.texts("#tree .key").size()).isEqualTo(TEXTS.size() + 1);
        assertThat(browser.all("main img, main script, main b, main a")).isEmpty();
        assertThat(browser.run("return document.title")).isEqualTo(TEXTS.get(0) + " · Heartwood inspector");
        assertThat(browser.texts("#tree .value"))
                .contains(TEXTS.get(0), TEXTS.get(1), "&lt;b&gt;", "NaN", "-0", "@0", "\\u202egnihtemos\\u202c")
                .contains(
                        "line\\nfeed\\ttab\\r\\u0000\\u0007\\u2028\\u2029",
                        "\\ud800 lone \\udc00",
                        "zero\\u200bwidth\\ufeff");
        browser.assertQuiet();
    }

    @Test
    void eachHostileKeyCanBePinnedSearchedAndCopiedExactly() {
        Path report = folder.resolve("keys.html");
        Store store = Store.create();
        History history = History.of(store);
        for (String text : TEXTS) {
            store.put(KeyPath.of("map", text), 1);
            store.put(KeyPath.of("map", text), 2);
        }
        Report.write(history, report);
        browser.open(report, "");
        browser.run(
                "window.copied = ''; navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve(); }");
        browser.clickRow("#tree", "map");
        browser.type(org.openqa.selenium.Keys.ARROW_DOWN, "v");

        browser.waitFor("a copy", () -> !browser.run("return window.copied").equals(""));
        assertThat(browser.run("return window.copied")).isEqualTo("2");
        for (String text : List.of(TEXTS.get(0), "__proto__", "~1~0/", "*", "**", "", "\ud800 lone \udc00")) {
            browser.open(
                    report,
                    "#path="
                            + java.net.URLEncoder.encode(
                                            KeyPath.of("map", text).toString().replace("*", "~2"),
                                            java.nio.charset.StandardCharsets.UTF_8)
                                    .replace("+", "%20")
                            + "&tab=place");
            if (!text.startsWith("\ud800")) { // an address cannot hold a lone surrogate
                assertThat(browser.text("#place-note")).as(text).startsWith("2 changes of");
            }
        }
        browser.assertQuiet();
    }

    @Test
    void hugeTextsAndNumbersAreCutAndTheCutIsSaid() {
        Path report = folder.resolve("huge.html");
        Store store = Store.create();
        History history = History.of(store);
        store.put("text", "long text ".repeat(2_000_000));
        store.put("number", BigInteger.TEN.pow(100_000).subtract(BigInteger.ONE));
        store.put("k".repeat(100_000), "a long key");
        Report.write(history, report);

        browser.open(report, "");

        assertThat(browser.rowOf("#tree", "number").getText()).contains("999").contains("100,000 characters");
        assertThat(browser.rowOf("#tree", "long text").getText())
                .contains("20,000,000 characters")
                .endsWith("text, cut");
        assertThat(browser.texts("#notices li"))
                .containsExactly("Values longer than 1,000,000 characters are cut. Each says how long it was.");
        browser.rowOf("#tree", "long text")
                .findElement(org.openqa.selenium.By.cssSelector(".all"))
                .click();
        assertThat(browser.text("#dialog .note"))
                .isEqualTo("This recording holds the first 1,000,000 characters of 20,000,000.");
        browser.assertQuiet();
    }

    @Test
    void aPatchOrCopyOfWhatWasCutIsRefusedAndNotWrong() {
        Path report = folder.resolve("cut.html");
        Store store = Store.create();
        History history = History.of(store);
        store.put("text", "x".repeat(2_000_000));
        Report.write(history, report);

        browser.open(report, "");
        browser.click("#patch-copy");

        assertThat(browser.toast())
                .isEqualTo("No patch: /text: a part of it was too long for this recording, and is cut.");
        browser.assertQuiet();
    }

    @Test
    void aTreeAsDeepAsAllowedOpens() {
        Path report = folder.resolve("deep.html");
        Store store = Store.create();
        Object deep = 1;
        for (int i = 0; i < 999; i++) {
            deep = Map.of("k", deep);
        }
        store.put("deep", deep);
        History history = History.of(store);
        store.put(KeyPath.of("other"), 1);
        Report.write(history, report);

        browser.open(report, "#path=/deep" + "/k".repeat(999));
        assertThat(browser.texts("#tree .row")).isNotEmpty();
        browser.open(report, "#q=k&tab=search");
        assertThat(browser.text("#search-note")).isEqualTo("999 places in this version.");
        browser.assertQuiet();
    }

    @Test
    void aTreeOfSharedPartsWithMorePathsThanMemoryOpens() {
        Path report = folder.resolve("shared.html");
        Store store = Store.create();
        store.put("list", List.of("leaf"));
        for (int i = 0; i < 60; i++) {
            store.update("list", part -> io.vavr.collection.Vector.of(part, part));
        }
        History history = History.of(store);
        store.put("other", 1);
        Report.write(history, report);

        browser.open(report, "");
        browser.clickRow("#tree", "list");
        assertThat(browser.texts("#tree .row").size()).isEqualTo(4);
        browser.open(report, "#q=leaf&tab=search");
        assertThat(browser.text("#search-note")).startsWith("The first 1,000 places");
        browser.assertQuiet();
    }

    @Test
    void anEmptyTreeAndAHistoryWithoutCommitsAreShown() {
        Path report = folder.resolve("empty.html");
        Report.write(History.of(Store.create()), report);

        browser.open(report, "");

        assertThat(browser.text("#tree-empty")).isEqualTo("The tree is empty.");
        assertThat(browser.text("#changes-head h2")).isEqualTo("Version 0, the oldest recorded");
        browser.assertQuiet();
    }

    @Test
    void manyAuthorsShareColoursAndAllAreNamed() {
        Path report = folder.resolve("authors.html");
        Store store = Store.create();
        History history = History.of(store);
        for (int i = 0; i < 40; i++) {
            store.as("author " + i).put("n", i);
        }
        Report.write(history, report);

        browser.open(report, "#lanes=1");

        assertThat(browser.text("#legend")).contains("author 0").contains("31 more");
        browser.assertQuiet();
    }
}
