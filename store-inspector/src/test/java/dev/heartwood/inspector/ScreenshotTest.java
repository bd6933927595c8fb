package dev.heartwood.inspector;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** Pictures of five views, light and dark, for people to look at: {@code target/screenshots}. */
class ScreenshotTest {
    @TempDir
    Path folder;

    @Test
    void fiveViewsAreDrawnInLightAndDarkAndNarrowAndWide() throws Exception {
        try (Browser browser = Browser.start();
                SampleStore sample = SampleStore.helpDesk().busy(160)) {
            Path report = folder.resolve("help desk.html");
            Report.write(sample.history, report);
            for (boolean dark : new boolean[] {false, true}) {
                String suffix = dark ? "-dark" : "-light";
                browser.dark(dark);
                browser.open(report, "#v=4");
                browser.clickRow("#tree", "jobs");
                browser.screenshot("1-commit" + suffix);
                browser.open(report, "#v=100&path=/users/*/balance&tab=place");
                browser.screenshot("2-place" + suffix);
                browser.open(report, "#v=167&from=3&path=/users/ada");
                browser.screenshot("3-compare" + suffix);
                browser.open(report, "#q=away&in=time&tab=search&lanes=1");
                browser.type(Keys.TAB);
                browser.screenshot("4-search" + suffix);
                browser.size(1000, 700);
                browser.open(report, "#v=7");
                browser.clickRow("#tree", "settings");
                browser.screenshot("5-narrow" + suffix);
                browser.size(2500, 1300);
                browser.open(report, "#v=9&path=/users/ada/balance");
                browser.screenshot("6-wide" + suffix);
                browser.size(1440, 900);
                browser.assertQuiet();
            }
        }
        try (var pictures = Files.list(Path.of("target", "screenshots"))) {
            assertThat(pictures.filter(picture -> picture.toFile().length() > 20_000))
                    .hasSizeGreaterThanOrEqualTo(12);
        }
    }
}
