package dev.heartwood.inspector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.history.History;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** The live page in a real browser, while the store works. */
class LivePageTest {
    private static Browser browser;

    private final Store store = Store.of(Map.of("counter", 0, "list", List.of("a")));

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

    @AfterEach
    void close() {
        browser.leave();
        store.close();
    }

    @Test
    void thePageFollowsTheNewestCommitAndTakesTheKeyOutOfTheAddress() {
        try (Inspector inspector = Inspector.options().of(store)) {
            browser.open(inspector.url());
            assertThat(browser.address()).doesNotContain("key=");

            store.as("planner").put("counter", 1);
            browser.waitForVersion(1);

            assertThat(browser.texts("#change-list .change")).containsExactly("~ counter 0 → 1");
            assertThat(browser.text("#state")).isEqualTo("live");
            browser.assertQuiet();
        }
    }

    @Test
    void aPausedPageHoldsWhileCommitsGoOnAndResumesWithoutAGap() {
        try (Inspector inspector = Inspector.options().of(store)) {
            browser.open(inspector.url());
            browser.click("#pause");
            for (int i = 1; i <= 30; i++) {
                store.put("counter", i);
            }
            browser.waitFor("the commits wait", () -> browser.text("#state").equals("paused · 30 commits waiting"));
            assertThat(browser.version()).isEqualTo("0");

            browser.click("#pause");

            browser.waitForVersion(30);
            assertThat(browser.text("#commit-count")).isEqualTo("30 commits");
            browser.assertQuiet();
        }
    }

    @Test
    void aPageThatLooksAtThePastStaysThere() {
        try (Inspector inspector = Inspector.options().of(store)) {
            store.put("counter", 1);
            browser.open(inspector.url());
            browser.type(Keys.ARROW_LEFT);
            browser.waitForVersion(0);

            store.put("counter", 2);

            browser.waitFor(
                    "the new commit is listed",
                    () -> browser.text("#commit-count").equals("2 commits"));
            assertThat(browser.version()).isEqualTo("0");
            browser.click("#last");
            browser.waitForVersion(2);
            browser.assertQuiet();
        }
    }

    @Test
    void aPinnedPlaceGetsItsNewCommits() {
        try (Inspector inspector = Inspector.options().of(store)) {
            browser.open(inspector.url());
            browser.write("#pin", "/list/0");
            browser.type(Keys.ENTER);

            store.insert(KeyPath.of("list", 0), "before");
            store.put("counter", 1);

            browser.waitForVersion(2);
            browser.waitFor(
                    "its history", () -> browser.texts("#place-list .row").size() == 1);
            assertThat(browser.texts("#place-list .row").get(0)).contains("a → before");
            browser.assertQuiet();
        }
    }

    @Test
    void aStoreFasterThanThePageIsShownInSteps() {
        try (Inspector inspector = Inspector.options().of(store)) {
            browser.open(inspector.url());
            for (int i = 1; i <= 20_000; i++) {
                store.put("counter", i);
            }

            browser.waitForVersion(20_000);
            assertThat(browser.rowOf("#tree", "counter").getText()).contains("20000");
            browser.assertQuiet();
        }
    }

    @Test
    void aValueIsEditedAndAVersionRestoredWhereTheProgramAllowsIt() {
        try (Inspector inspector = Inspector.options().writable().of(store)) {
            browser.open(inspector.url());
            browser.clickRow("#tree", "counter");
            browser.type("e");
            browser.waitFor("the dialog", () -> browser.find("#dialog").isDisplayed());
            browser.write("#dialog textarea", "12345678901234567890");
            browser.click("#dialog .primary");

            browser.waitForVersion(1);
            assertThat(browser.rowOf("#tree", "counter").getText()).contains("12345678901234567890");
            browser.click("#first");
            browser.waitForVersion(0);
            browser.find("#changes-head")
                    .findElement(By.xpath(".//button[text()='Restore this version']"))
                    .click();
            browser.waitForVersion(2);
            assertThat(store.get("counter")).isEqualTo(0L);
            browser.assertQuiet();
        }
    }

    @Test
    void aPageOffersNoWritingWhereTheProgramDidNotAllowIt() {
        try (Inspector inspector = Inspector.options().of(store)) {
            store.put("counter", 1);
            browser.open(inspector.url());
            browser.click("#first");
            browser.waitForVersion(0);

            assertThat(browser.text("#changes-head")).doesNotContain("Restore");
            browser.clickRow("#tree", "counter");
            assertThat(browser.text("#tree .row.active")).contains("pin").doesNotContain("edit");
            browser.assertQuiet();
        }
    }

    @Test
    void aPageWithoutTheKeySaysWhatToDo() {
        try (Inspector inspector = Inspector.options().of(store)) {
            browser.run(
                    "location.href = arguments[0]",
                    "http://127.0.0.1:" + inspector.url().getPort() + "/");

            browser.waitFor(
                    "the refusal", () -> browser.text("body").startsWith("Open the address that the program printed"));
            browser.forgetMessages(); // the browser tells of the status 401
        }
    }

    @Test
    void aPageOfAHistoryAloneIsARecordAndNotLive() {
        History history = History.of(store);
        store.as("planner").put("counter", 1);
        try (Inspector inspector = Inspector.options().of(history)) {
            browser.open(inspector.url());

            assertThat(browser.texts("#change-list .change")).containsExactly("~ counter 0 → 1");
            assertThat(browser.find("#pause").isDisplayed()).isFalse();
            assertThat(browser.text("#facts")).startsWith("versions 0 to 1 · recorded 20");
            browser.assertQuiet();
        }
    }

    @Test
    void thePageSaysThatTheStoreIsClosed() {
        try (Inspector inspector = Inspector.options().of(store)) {
            browser.open(inspector.url());
            store.close();

            browser.waitFor("the end", () -> browser.text("#state").equals("the store is closed"));
            browser.assertQuiet();
        }
    }
}
