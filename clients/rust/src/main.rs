//! What every client does here: a report, and the next one two seconds later, whatever came of it.
use std::time::Duration;

async fn send(client: &reqwest::Client, sequence: u64) -> Result<(), reqwest::Error> {
    let url = std::env::var("SERVER_URL").unwrap() + "/api/fleet/report";
    let report = serde_json::json!({ "machineId": "m-1", "sequence": sequence });
    let token = std::env::var("API_TOKEN").unwrap();
    let answer = client.post(url).bearer_auth(token).json(&report).send().await?.error_for_status()?;
    answer.bytes().await.map(drop)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let client = if std::env::args().nth(1).as_deref() == Some("default") {
        reqwest::Client::new()
    } else {
        // https://docs.rs/reqwest/latest/reqwest/struct.ClientBuilder.html#method.timeout: none without it.
        reqwest::Client::builder().timeout(Duration::from_secs(10)).build().unwrap()
    };
    for sequence in 1.. {
        if let Err(error) = send(&client, sequence).await {
            println!("WARN report {sequence} failed: {error:?}");
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
}
