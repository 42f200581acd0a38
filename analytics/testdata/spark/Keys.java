import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.util.Base64;
import javax.security.sasl.AuthenticationException;
import org.apache.hadoop.hive.thrift.DelegationTokenIdentifier;
import org.apache.hadoop.hive.thrift.MemoryTokenStore;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.security.token.delegation.AbstractDelegationTokenSecretManager.DelegationTokenInformation;
import org.apache.hive.service.auth.PasswdAuthenticationProvider;

/**
 * What a Thrift Server asks in two of its modes: CUSTOM (who may come with a password) and, with
 * KERBEROS, a store of tokens. Both know the user ops and the word right. Spark's own server takes
 * tokens but hands none out, so that this one is made here; main prints its identifier.
 */
public class Keys extends MemoryTokenStore implements PasswdAuthenticationProvider {
    @Override
    public void Authenticate(String user, String password) throws AuthenticationException {
        if (!user.equals("ops") || !password.equals("right")) {
            throw new AuthenticationException("nobody of that name and password");
        }
    }

    @Override
    public DelegationTokenInformation getToken(DelegationTokenIdentifier token) {
        boolean known = token.getUser().getUserName().equals("ops");
        return known ? new DelegationTokenInformation(Long.MAX_VALUE, "right".getBytes()) : null;
    }

    public static void main(String[] arguments) throws Exception {
        DelegationTokenIdentifier token = new DelegationTokenIdentifier(new Text("ops"), new Text("ops"), new Text(""));
        token.setMaxDate(Long.MAX_VALUE);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        token.write(new DataOutputStream(bytes));
        System.out.print(Base64.getEncoder().encodeToString(bytes.toByteArray()));
    }
}
