//! The visitor's device, as the browser is told of it. What the visitor's browser says is bounded here: it is a stranger's word.

use headless_chrome::protocol::cdp::Emulation;
use serde_json::{Value, json};

use super::super::chrome::Version;
use super::super::pipe::{CallError, Pipe};
use crate::protocol::image::Device;

/// Pixels of a picture at most: a phone of 430x932 at density 3 has 3.6 million.
const PIXELS: f64 = 4_000_000.0;
/// Width and height of a viewport, in CSS pixels.
const SIDE: std::ops::RangeInclusive<u32> = 200..=4000;
/// Languages that are passed on.
const LANGUAGES: usize = 8;

/// A device within bounds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bounded {
    device: Device,
    /// Device pixels per CSS pixel, as far as the picture's size allows.
    density: f64,
}

impl Bounded {
    pub(super) fn of(device: &Device) -> Self {
        let mut device = device.clone();
        device.width = device.width.clamp(*SIDE.start(), *SIDE.end());
        device.height = device.height.clamp(*SIDE.start(), *SIDE.end());
        let wanted = if device.density.is_finite() { device.density.clamp(0.5, 4.0) } else { 1.0 };
        let most = (PIXELS / (f64::from(device.width) * f64::from(device.height))).sqrt();
        device
            .languages
            .retain(|tag| (2..=35).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
        device.languages.truncate(LANGUAGES);
        let named = |b: u8| b.is_ascii_alphanumeric() || b"/_+-".contains(&b);
        if device.time_zone.len() > 64 || !device.time_zone.bytes().all(named) {
            device.time_zone.clear();
        }
        Self { density: wanted.min(most), device }
    }

    /// Width and height of the viewport in device pixels.
    pub(super) fn pixels(&self) -> (u32, u32) {
        let of = |side: u32| (f64::from(side) * self.density).round() as u32;
        (of(self.device.width), of(self.device.height))
    }

    /// Width and height of the viewport in CSS pixels.
    pub(super) fn size(&self) -> (u32, u32) {
        (self.device.width, self.device.height)
    }

    /// Device pixels per CSS pixel.
    pub(super) fn density(&self) -> f64 {
        self.density
    }

    /// Tells a page's session all of it. What the browser refuses (a locale that it does not know) is left as it is; only the viewport must be right.
    ///
    /// Before a page is gone to, this must be done, not only begun: of what a page's process has not acknowledged, the next page's process learns nothing.
    pub(super) fn tell(
        &self,
        pipe: &Pipe,
        session: &str,
        version: &Version,
    ) -> impl Future<Output = Result<(), CallError>> + Send + use<> {
        let session = Some(session);
        let size = pipe.call::<Emulation::SetDeviceMetricsOverride>(session, self.metrics());
        let touch = json!({ "enabled": self.device.touch, "maxTouchPoints": if self.device.touch { 5 } else { 1 } });
        let touch = pipe.call::<Emulation::SetTouchEmulationEnabled>(session, touch);
        let media = pipe.call::<Emulation::SetEmulatedMedia>(session, self.media());
        let language = self.device.languages.first().map_or("", String::as_str);
        let locale = pipe.call::<Emulation::SetLocaleOverride>(session, json!({ "locale": language }));
        let zone = json!({ "timezoneId": self.device.time_zone });
        let zone = pipe.call::<Emulation::SetTimezoneOverride>(session, zone);
        let agent = pipe.call::<Emulation::SetUserAgentOverride>(session, self.agent(version));
        async move {
            let (size, ..) = tokio::join!(size, touch, media, locale, zone, agent);
            size.map(drop)
        }
    }

    fn metrics(&self) -> Value {
        let Device { width, height, mobile, landscape, .. } = self.device;
        let (kind, angle) = match (landscape, mobile) {
            (true, true) => ("landscapePrimary", 90),
            (true, false) => ("landscapePrimary", 0),
            (false, _) => ("portraitPrimary", 0),
        };
        json!({
            "width": width, "height": height, "deviceScaleFactor": self.density, "mobile": mobile,
            "screenWidth": width, "screenHeight": height,
            "screenOrientation": { "type": kind, "angle": angle },
        })
    }

    fn media(&self) -> Value {
        let (scheme, motion) = (self.device.dark, self.device.still);
        let mut features = vec![
            json!({ "name": "prefers-color-scheme", "value": if scheme { "dark" } else { "light" } }),
            json!({ "name": "prefers-reduced-motion", "value": if motion { "reduce" } else { "no-preference" } }),
        ];
        if self.device.touch {
            features
                .extend([json!({ "name": "pointer", "value": "coarse" }), json!({ "name": "hover", "value": "none" })]);
        }
        json!({ "features": features })
    }

    /// Chrome's own name, without the word that it has no window; on phones and tablets as it calls itself there.
    fn agent(&self, version: &Version) -> Value {
        let full = version.product.rsplit('/').next().unwrap_or_default();
        let major = full.split('.').next().unwrap_or_default();
        let phone = self.device.mobile && self.device.width.min(self.device.height) < 600;
        let agent = if self.device.mobile {
            let mobile = if phone { " Mobile" } else { "" };
            format!(
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{major}.0.0.0{mobile} Safari/537.36"
            )
        } else {
            version.agent.replace("HeadlessChrome", "Chrome")
        };
        let platform = if self.device.mobile { "Android" } else { "Linux" };
        let brands = |version: &str| json!([{ "brand": "Chromium", "version": version }, { "brand": "Not=A?Brand", "version": "99" }]);
        json!({
            "userAgent": agent,
            "acceptLanguage": self.device.languages.join(","),
            "platform": if self.device.mobile { "Linux armv81" } else { "Linux x86_64" },
            "userAgentMetadata": {
                "brands": brands(major), "fullVersionList": brands(full), "fullVersion": full, "platform": platform,
                "platformVersion": if self.device.mobile { "10" } else { "" }, "architecture": if self.device.mobile { "" } else { "x86" },
                "model": if phone { "K" } else { "" }, "mobile": phone,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device() -> Device {
        Device {
            width: 390,
            height: 844,
            density: 3.0,
            touch: true,
            mobile: true,
            landscape: false,
            languages: vec!["de-DE".to_owned(), "x\r\nEvil: 1".to_owned()],
            time_zone: "Europe/Berlin".to_owned(),
            ..Device::default()
        }
    }

    #[test]
    fn a_phone_keeps_its_density_and_no_picture_is_too_large() {
        assert_eq!(Bounded::of(&device()).pixels(), (1170, 2532));
        let huge = Device { width: 100_000, height: 4000, density: f64::INFINITY, ..device() };
        let (width, height) = Bounded::of(&huge).pixels();
        assert!(f64::from(width) * f64::from(height) <= PIXELS * 1.01, "{width} x {height}");
    }

    #[test]
    fn what_is_no_language_or_time_zone_is_left_out() {
        let odd = Bounded::of(&Device { time_zone: "x\0y".to_owned(), ..device() });
        assert_eq!((odd.device.languages, odd.device.time_zone.as_str()), (vec!["de-DE".to_owned()], ""));
    }

    #[test]
    fn phones_are_told_apart_from_tablets() {
        let version = Version {
            product: "Chrome/156.0.1.2".to_owned(),
            agent: "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/156.0.0.0".to_owned(),
        };
        let agent = |device: &Device| Bounded::of(device).agent(&version)["userAgent"].as_str().unwrap().to_owned();
        assert!(agent(&device()).ends_with("Chrome/156.0.0.0 Mobile Safari/537.36"));
        assert!(agent(&Device { width: 800, ..device() }).ends_with("Chrome/156.0.0.0 Safari/537.36"));
        assert_eq!(agent(&Device { mobile: false, ..device() }), "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0");
    }
}
