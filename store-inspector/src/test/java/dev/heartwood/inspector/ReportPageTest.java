package dev.heartwood.inspector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.KeyPath;
import dev.heartwood.Origins;
import dev.heartwood.PathPattern;
import dev.heartwood.Store;
import dev.heartwood.history.History;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** A report in a real browser, used as a person uses it. */
class ReportPageTest {
    @TempDir
    static Path folder;

    private static Browser browser;
    private static Path report;

    @BeforeAll
    static void writeReport() {
        browser = Browser.start();
        report = folder.resolve("help desk.html");
        try (SampleStore sample = SampleStore.helpDesk()) {
            Report.write(sample.history, report);
        }
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void thePageLoggedNothing() {
        browser.assertQuiet();
    }

    @Test
    void theNewestCommitIsShownFirstWithItsDifference() {
        browser.open(report, "");

        assertThat(browser.version()).isEqualTo("7");
        assertThat(browser.text("#changes-head h2")).isEqualTo("Version 7");
        assertThat(browser.texts("#change-list .change"))
                .anyMatch(row -> row.startsWith("+ note lorem ipsum"))
                .anyMatch(row -> row.startsWith("− ratio 0.25"))
                .anyMatch(row -> row.startsWith("~ retries 3 → 3.0 whole → double"));
        assertThat(browser.texts("#change-list .fold")).containsExactly("▸ 1 key unchanged");
    }

    @Test
    void unchangedPartsAreFoldedAndOpenOnAClick() {
        browser.open(report, "#v=3");

        assertThat(browser.texts("#change-list .change"))
                .containsExactly("~ balance 1000 → 750", "~ balance 1000 → 1250");
        browser.click("#change-list .fold");

        assertThat(browser.texts("#change-list .change.same")).containsExactly("name ada", "status active");
    }

    @Test
    void anElementThatMovedInAListIsShownAsMoved() {
        browser.open(report, "#v=4");

        assertThat(browser.texts("#change-list .change.moved")).hasSize(1);
        assertThat(browser.text("#change-list .change.moved .key")).isEqualTo("[2] → [0]");
        assertThat(browser.texts("#change-list .change:not(.moved)")).isEmpty();
    }

    @Test
    void aLongValueIsCutAndShownWholeOnRequest() {
        browser.open(report, "#v=7");

        browser.rowOf("#change-list", "note")
                .findElement(org.openqa.selenium.By.cssSelector(".all"))
                .click();

        assertThat(browser.text("#dialog pre"))
                .hasSize("lorem ipsum ".repeat(400).length() - 1);
        browser.type(Keys.ESCAPE);
        assertThat(browser.find("#dialog").isDisplayed()).isFalse();
    }

    @Test
    void whoAndWhyAreToldWithTheCommit() {
        browser.open(report, "#v=3");

        assertThat(browser.text("#changes-head"))
                .contains("pay rent", "author billing", "thread ", "code ")
                .containsPattern("time 20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}");
    }

    @Test
    void aCommitThatRanAgainTellsBecauseOfWhichPlace() {
        Store store = Store.options().origins(Origins.WHO).of(Map.of("price", 1));
        Path file = folder.resolve("contention.html");
        try (History history = History.of(store)) {
            AtomicInteger runs = new AtomicInteger();
            store.batch(tx -> {
                tx.put("sum", tx.get("price"));
                if (runs.getAndIncrement() == 0) {
                    CompletableFuture.runAsync(() -> store.increment("price")).join();
                }
            });
            Report.write(history, file);
        }
        browser.open(file, "");

        assertThat(browser.text("#changes-head"))
                .contains("attempts 2: another commit changed /price, which it had read");
        assertThat(browser.texts("#commit-list .badge.warn")).containsExactly("×2");
    }

    @Test
    void aPinnedPlaceTellsWhichCommitsChangedIt() {
        browser.open(report, "");

        browser.write("#pin", "/users/*/balance");
        browser.type(Keys.ENTER);

        browser.waitFor(
                "the history of the place",
                () -> browser.texts("#place-list .row").size() == 3);
        assertThat(browser.texts("#place-list .row .path"))
                .containsExactly("/users/cy/balance", "/users/ada/balance", "/users/bob/balance");
        assertThat(browser.texts("#place-list .row").get(1)).startsWith("3 billing /users/ada/balance 1000 → 750");
        assertThat(browser.texts("#commit-list .commit:not(.dim) .version")).containsExactly("5", "3");
        assertThat(browser.text("#commit-count")).isEqualTo("2 of 6 commits");
    }

    @Test
    void aPlaceInAListIsFollowedWhenElementsBeforeItComeAndGo() {
        browser.open(report, "#path=/jobs/0/what&tab=place");

        browser.waitFor(
                "the history of the place",
                () -> browser.texts("#place-list .row").size() == 1);
        assertThat(browser.texts("#place-list .row").get(0)).startsWith("4 planner open door → feed cat");
    }

    @Test
    void aPlaceIsPinnedByAClickInTheTree() {
        browser.open(report, "");

        browser.clickRow("#tree", "serial");
        browser.rowOf("#tree", "serial")
                .findElement(org.openqa.selenium.By.cssSelector(".small"))
                .click();

        browser.waitFor(
                "the history of the place",
                () -> browser.texts("#place-list .row").size() == 1);
        assertThat(browser.texts("#place-list .row").get(0)).contains("9007199254740993123 → 9007199254740993124");
        assertThat(browser.address()).endsWith("#v=7&path=/serial&tab=place");
    }

    @Test
    void numbersKeepAllTheirDigitsAndTypesAreVisible() {
        browser.open(report, "#v=6");

        assertThat(browser.rowOf("#tree", "serial").getText())
                .contains("9007199254740993124")
                .endsWith("whole");
        browser.clickRow("#tree", "settings");
        assertThat(browser.rowOf("#tree", "price").getText()).contains("19.90").endsWith("decimal");
        assertThat(browser.rowOf("#tree", "ratio").getText()).endsWith("double");
    }

    @Test
    void theTreeOpensAndClosesWithTheKeyboard() {
        browser.open(report, "#v=1");

        browser.type("t");
        browser.type(Keys.HOME, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);

        assertThat(browser.texts("#tree .row")).contains("state waiting text");
        assertThat(browser.find("#tree .row.active").getAttribute("aria-level")).isEqualTo("2");
        browser.type(Keys.ARROW_LEFT, Keys.ARROW_LEFT, Keys.ARROW_LEFT);
        assertThat(browser.texts("#tree .row")).hasSize(4);
    }

    @Test
    void aSearchFindsKeysAndValuesInThisVersion() {
        browser.open(report, "#v=5");

        browser.type("/");
        browser.type("CAT");

        browser.waitFor("the results", () -> browser.text("#search-note").equals("1 place in this version."));
        assertThat(browser.texts("#search-list .row")).containsExactly("/jobs/0/what feed cat");
        browser.clickRow("#search-list", "feed cat");
        browser.click("#tab-tree");
        assertThat(browser.text("#tree .row.active .key")).isEqualTo("what");
    }

    @Test
    void aSearchThroughTimeTellsWhenAValueFirstAppeared() {
        browser.open(report, "#q=1250&in=time&tab=search");

        browser.waitFor("the results", () -> browser.texts("#search-list .row").size() == 1);
        assertThat(browser.texts("#search-list .row").get(0)).startsWith("3 + /users/bob/balance 1250");
        browser.clickRow("#search-list", "1250");
        browser.waitForVersion(3);
    }

    @Test
    void theTimelineIsMovedWithMouseAndKeyboard() {
        browser.open(report, "");

        browser.clickAt("#timeline", 0.01);
        browser.waitForVersion(1);
        browser.type(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);
        browser.waitForVersion(3);
        assertThat(browser.find("#timeline").getAttribute("aria-valuetext")).isEqualTo("version 3, billing, pay rent");
        browser.type(Keys.END);
        browser.waitForVersion(7);
        browser.click("#previous");
        browser.waitForVersion(6);
    }

    @Test
    void playGoesThroughAllVersionsAndStops() {
        browser.open(report, "#v=2");

        browser.click("#play");

        browser.waitForVersion(7);
        browser.waitFor("it stops", () -> "Play".equals(browser.find("#play").getAttribute("aria-label")));
    }

    @Test
    void anyTwoVersionsAreComparedAndTheDifferenceIsAJsonPatch() {
        browser.open(report, "#v=1");
        browser.run(
                "window.copied = ''; navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve(); }");

        browser.click("#compare-from");
        browser.type(Keys.END);
        browser.waitForVersion(7);
        assertThat(browser.text("#changes-head h2")).contains("Compare version").contains("with 7");
        browser.click("#patch-copy");

        browser.waitFor("the patch", () -> !browser.run("return window.copied").equals(""));
        String patch = String.valueOf(browser.run("return window.copied"));
        try (SampleStore sample = SampleStore.helpDesk()) {
            assertThat(sample.history
                            .at(1)
                            .edit(tx ->
                                    dev.heartwood.json.JsonPatch.parse(patch).applyTo(tx))
                            .sameTree(sample.history.at(7)))
                    .as("the patch applied to version 1 is version 7: %s", patch)
                    .isTrue();
        }
    }

    @Test
    void theAddressKeepsTheView() {
        browser.open(report, "#v=4&path=/jobs&from=2&tab=place&lanes=1");

        assertThat(browser.version()).isEqualTo("4");
        assertThat(browser.find("#pin").getAttribute("value")).isEqualTo("/jobs");
        assertThat(browser.find("#compare-version").getAttribute("value")).isEqualTo("2");
        assertThat(browser.find("#lanes").getAttribute("aria-pressed")).isEqualTo("true");
        browser.type(Keys.ARROW_LEFT);
        browser.waitForVersion(2);
        assertThat(browser.address()).endsWith("#v=2&path=/jobs&from=2&tab=place&lanes=1");
    }

    @Test
    void aVersionThatIsNotInTheRecordingIsSaid() {
        browser.open(report, "#v=99");

        assertThat(browser.toast()).isEqualTo("Version 99 is not in this recording.");
        assertThat(browser.version()).isEqualTo("7");
    }

    @Test
    void everyControlHasANameAndARole() {
        browser.open(report, "");

        Object nameless = browser.run("""
            return [...document.querySelectorAll('button, input, select, [role], [tabindex]')]
              .filter(e => e.checkVisibility() && !e.closest('.row'))
              .filter(e => !(e.getAttribute('aria-label') || e.getAttribute('aria-labelledby') || e.innerText?.trim()
                || (e.id && document.querySelector('label[for="' + e.id + '"]')) || e.getAttribute('role') === 'status'))
              .map(e => e.outerHTML.slice(0, 80))""");
        assertThat((List<?>) nameless).isEmpty();
    }

    @Test
    void textHasEnoughContrastInLightAndDark() {
        for (boolean dark : new boolean[] {false, true}) {
            browser.dark(dark);
            browser.open(report, "#v=3");
            Object faint = browser.run("""
                const parse = c => c.match(/[\\d.]+/g).map(Number);
                const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
                  .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
                const ground = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > .99) return c; } return [255, 255, 255]; };
                return [...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && !e.disabled && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
                  .filter(e => !e.closest('#toast'))
                  .map(e => [e, light(parse(getComputedStyle(e).color)), light(ground(e))])
                  .map(([e, a, b]) => [e, (Math.max(a, b) + .05) / (Math.min(a, b) + .05)])
                  .filter(([, ratio]) => ratio < 4.5).map(([e, ratio]) => ratio.toFixed(2) + ' ' + e.className + ' ' + e.textContent.slice(0, 30))""");
            assertThat((List<?>) faint).as(dark ? "dark" : "light").isEmpty();
        }
        browser.dark(false);
    }

    @Test
    void aRedactedPlaceSaysThatItChangedAndWhoChangedIt() {
        Path redacted = folder.resolve("redacted.html");
        Store store = Store.of(Map.of("users", Map.of("ada", Map.of("password", "secret-1"))));
        History history =
                History.options().redact(PathPattern.parse("/users/*/password")).of(store);
        store.as("eve").put(KeyPath.of("users", "ada", "password"), "secret-2");
        store.as("bob").put("other", 1);
        Report.write(history, redacted);

        browser.open(redacted, "#v=1&path=/users/ada/password&tab=place");

        assertThat(browser.texts("#change-list .change")).containsExactly("~ password redacted → redacted");
        assertThat(browser.texts("#place-list .row")).hasSize(1);
        assertThat(browser.texts("#place-list .row").get(0)).startsWith("1 eve redacted → redacted");
        browser.click("#patch-copy");
        assertThat(browser.toast()).isEqualTo("No patch: /users/ada/password: a part of it is not recorded.");
    }

    @Test
    void theReportIsOneFileThatLoadsNothing() throws Exception {
        String html = Files.readString(report);

        assertThat(html)
                .doesNotContain("https://", "src=", "url(", "@import", "href=\"http")
                .contains("default-src 'none'");
        browser.open(report, "");
        assertThat(browser.run("return performance.getEntriesByType('resource').length"))
                .isEqualTo(0L);
    }
}
