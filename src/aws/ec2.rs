//! Security groups: whom a host lets in.

use roxmltree::{Document, Node};

use super::request::{Ask, Service};
use super::{Aws, AwsError};

/// One rule of a security group. Ordered and compared without its description, which anybody may change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Rule {
    /// In or out.
    pub direction: Direction,
    /// `tcp`, `udp`, `icmp`, or `all`.
    pub protocol: String,
    /// From this port; -1: all of them.
    pub from: i32,
    /// To this port.
    pub to: i32,
    /// An address range, another group, or a list of prefixes.
    pub source: String,
}

/// Whether a rule lets in or out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// In.
    In,
    /// Out.
    Out,
}

impl Rule {
    /// Whether it is for the whole world.
    pub fn is_for_anybody(&self) -> bool {
        matches!(self.source.as_str(), "0.0.0.0/0" | "::/0")
    }

    /// Whether it lets in to `port`.
    pub fn lets_in(&self, port: u16) -> bool {
        let port = i32::from(port);
        let ports = self.from < 0 || (self.from..=self.to).contains(&port);
        self.direction == Direction::In && ports && matches!(self.protocol.as_str(), "tcp" | "all")
    }
}

/// `in tcp 22 from 203.0.113.0/24`.
impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (direction, of) = match self.direction {
            Direction::In => ("in", "from"),
            Direction::Out => ("out", "to"),
        };
        write!(f, "{direction} {}", self.protocol)?;
        match (self.from, self.to) {
            (from, _) if from < 0 => {}
            (from, to) if from == to => write!(f, " {from}")?,
            (from, to) => write!(f, " {from}-{to}")?,
        }
        write!(f, " {of} {}", self.source)
    }
}

impl Aws {
    /// The rules of a security group, sorted.
    ///
    /// # Errors
    /// [`AwsError`].
    pub async fn security_group(&self, group: &str) -> Result<Vec<Rule>, AwsError> {
        let service = Service { name: "ec2", region: None, action: "ec2:DescribeSecurityGroups" };
        let form = [("Action", "DescribeSecurityGroups"), ("Version", "2016-11-15"), ("GroupId.1", group)];
        rules(&self.ask(&service, Ask::Query(&form)).await?)
    }
}

fn rules(xml: &str) -> Result<Vec<Rule>, AwsError> {
    let document = Document::parse(xml).map_err(|error| AwsError::Garbled(error.to_string()))?;
    let find = |name: &str| document.descendants().find(|node| node.has_tag_name(name));
    if find("securityGroupInfo").and_then(|info| info.children().find(|node| node.has_tag_name("item"))).is_none() {
        return Err(AwsError::Garbled("no security group".to_owned()));
    }
    let mut rules = Vec::new();
    for (name, direction) in [("ipPermissions", Direction::In), ("ipPermissionsEgress", Direction::Out)] {
        let lists = document.descendants().filter(|node| node.has_tag_name(name));
        for permission in lists.flat_map(|list| list.children().filter(|node| node.has_tag_name("item"))) {
            let text = |name: &str| child(permission, name).and_then(|node| node.text()).unwrap_or_default().trim();
            let port = |name: &str| text(name).parse().unwrap_or(-1);
            let protocol = match text("ipProtocol") {
                "-1" => "all",
                protocol => protocol,
            };
            for source in sources(permission) {
                let (from, to) = (port("fromPort"), port("toPort"));
                rules.push(Rule { direction, protocol: protocol.to_owned(), from, to, source });
            }
        }
    }
    rules.sort();
    rules.dedup();
    Ok(rules)
}

fn child<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    node.children().find(|child| child.has_tag_name(name))
}

fn sources(permission: Node<'_, '_>) -> Vec<String> {
    let names = ["cidrIp", "cidrIpv6", "groupId", "prefixListId"];
    let nodes = permission.descendants().filter(|node| names.iter().any(|name| node.has_tag_name(*name)));
    nodes.filter_map(|node| Some(node.text()?.trim().to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const XML: &str = r#"<DescribeSecurityGroupsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
      <securityGroupInfo><item><groupId>sg-1</groupId>
        <ipPermissions>
          <item><ipProtocol>tcp</ipProtocol><fromPort>443</fromPort><toPort>443</toPort><groups/>
            <ipRanges><item><cidrIp>0.0.0.0/0</cidrIp><description>web</description></item></ipRanges>
            <ipv6Ranges><item><cidrIpv6>::/0</cidrIpv6></item></ipv6Ranges></item>
          <item><ipProtocol>tcp</ipProtocol><fromPort>22</fromPort><toPort>22</toPort>
            <ipRanges><item><cidrIp>203.0.113.0/24</cidrIp></item></ipRanges></item>
        </ipPermissions>
        <ipPermissionsEgress><item><ipProtocol>-1</ipProtocol><ipRanges><item><cidrIp>0.0.0.0/0</cidrIp></item></ipRanges></item>
        </ipPermissionsEgress></item></securityGroupInfo></DescribeSecurityGroupsResponse>"#;

    #[test]
    fn rules_are_sorted_and_say_what_they_let_in() {
        let rules = rules(XML).unwrap();
        let told: Vec<_> = rules.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "in tcp 22 from 203.0.113.0/24",
                "in tcp 443 from 0.0.0.0/0",
                "in tcp 443 from ::/0",
                "out all to 0.0.0.0/0"
            ]
        );
        assert!(rules[0].lets_in(22) && !rules[0].is_for_anybody());
        assert!(!rules[3].lets_in(22), "it lets out");
        assert!(super::rules("<a/>").is_err() && super::rules("no xml").is_err());
    }
}
